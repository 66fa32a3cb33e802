"""6. What they read: notebooks run strictly, the page, the manifest, and the folders they appear in."""
