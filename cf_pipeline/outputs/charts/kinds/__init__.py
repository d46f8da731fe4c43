"""The kinds of chart: a module each for what it shows and says, and another for a long picture."""
