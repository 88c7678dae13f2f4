"""Read, check and compile the service-item language; pure, nothing here touches a case."""
