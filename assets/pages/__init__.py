"""What Dagster's pages show of an asset beside its table: where its code is, its newest rows, and links."""
