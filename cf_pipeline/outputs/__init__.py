"""What people read: the committee report and the data-quality workbook.

Everything here is made from what was published; nothing here works out a figure or opens a database.
"""
