"""What each place rests on, and what an answer or a judgement would change."""
