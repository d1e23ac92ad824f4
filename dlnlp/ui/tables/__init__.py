"""Tables that visitors upload: read within bounds, for every page that takes one."""
