"""What stands between the network and the page or the API: who may call, and what is sent along."""
