extension ScratchServer: LoadTarget {}
