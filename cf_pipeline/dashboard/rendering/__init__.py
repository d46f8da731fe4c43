"""How a page's content becomes HTML, CSV or Excel."""
