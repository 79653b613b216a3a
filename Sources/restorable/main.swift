print("restorable")
