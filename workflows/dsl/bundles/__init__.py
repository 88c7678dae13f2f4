"""Write out bundles (一件事): one item that is made of others, and steps that open a case of another."""
