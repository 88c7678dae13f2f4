"""Bill applicants through the payment department (缴费): orders, what became of them, refunds, daily reconciliation."""
