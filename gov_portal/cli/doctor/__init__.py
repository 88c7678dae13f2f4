"""Say in words what is wrong with an installation, and what to do; works when half of it is down."""
