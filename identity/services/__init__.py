"""Hold the use cases of identity, split by verb; ``service.IdentityService`` is their one door."""
