"""What every page stands on: navigation, turns, charts, tables, links, downloads, jobs."""
