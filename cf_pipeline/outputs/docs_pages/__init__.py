"""Pages of `docs/` generated from the contracts, rules and KPI records. A build tool, not part of a run."""
