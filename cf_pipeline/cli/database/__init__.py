"""The commands about the warehouse's database: its roles, who sees which team, the version that is shown."""
