"""The kinds of chart: a module each for what it shows and says, and one for its picture where that is long."""
