"""The files of `deploy/`: checked by the programs that read them, and tried where one machine is enough."""
