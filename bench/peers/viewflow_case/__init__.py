"""Hold the case as a flow of django-viewflow; an application of its own, as flows have to be."""
