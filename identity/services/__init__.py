"""Hold the use cases of identity, split by verb; ``IdentityService`` is their one door."""
