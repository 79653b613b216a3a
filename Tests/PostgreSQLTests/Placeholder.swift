// First file of the target; replaced by its first suite.
