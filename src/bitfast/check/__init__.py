"""The stages of `bitfast check`, one file each: project, build, run, compare, search, cure, report."""
