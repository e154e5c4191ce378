-- The counter: an officer's own proofings of the day are looked up when a slip is printed anew.

create index proofing_event_officer on proofing_event (officer, at);
