"""The pages of the dashboard, each in a module of its own; `PAGES` of `site_map` names them all."""
