"""Let officers of the hall enter cases for people who stand before them without a phone (窗口代录)."""
