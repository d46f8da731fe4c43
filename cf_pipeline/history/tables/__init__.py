"""The core tables and their columns, derived ones included. Data only; `merge` and `derived` fill them."""
