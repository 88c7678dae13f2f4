"""Drive the story of the spine over HTTP, as people with browsers would."""
