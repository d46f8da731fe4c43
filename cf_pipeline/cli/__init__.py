"""The command line: one module a command, and the text that a command prints.

Belongs here: arguments, exit status, what a person reads in the terminal.
Does not belong here: working out a figure. Modules of a command are imported when it is chosen.
"""
