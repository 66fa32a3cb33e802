"""From records to items: what counts as evidence, how it is read, and what inclusion rests on."""
