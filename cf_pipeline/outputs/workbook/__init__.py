"""The data-quality workbook, of a publication and of files that are checked before delivery."""
