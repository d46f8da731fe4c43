"""`cf-pipeline report`: the report with charts, as papers in each format, made when somebody asks."""
