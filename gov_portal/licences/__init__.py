"""Issue, keep, verify, supersede and revoke electronic licences (电子证照)."""
