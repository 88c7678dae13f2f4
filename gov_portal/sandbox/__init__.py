"""Play the department systems of a made-up province, each as a process of its own behind a real socket."""
