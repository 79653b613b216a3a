import Commands

RestorableCommand.start()
