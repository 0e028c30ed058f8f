"""What is asked, and changes nothing: about goods, kinds, prices, ways and what somebody is allergic to."""
