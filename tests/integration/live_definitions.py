"""The product's own definitions, with the nightly schedule moved to every minute so that it can be seen."""

from assets.definitions import build_definitions

defs = build_definitions(cron="* * * * *")
