"""Registry → raw store → build, as often as the registry changes; docs/updating.md."""
