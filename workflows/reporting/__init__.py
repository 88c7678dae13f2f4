"""Report cases upward (办件数据上报): its file, its rows, the standard that spells them."""
