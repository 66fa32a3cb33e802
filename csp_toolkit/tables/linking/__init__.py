"""Who is who by chance: records compared, weighed and judged by policy, and the links that are kept."""
