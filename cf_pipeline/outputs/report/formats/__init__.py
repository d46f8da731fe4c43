"""The forms of the committee report. Each shows the blocks of `model.Report`, and nothing else."""
