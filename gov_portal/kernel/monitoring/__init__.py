"""Tell operators how it goes: what is counted, who is alive, what answers; nothing personal, bounded in number."""
