"""Draws the pictures of charts as SVG and PNG."""
