import Backups
import Logging
import TestSupport

@testable import PostgreSQL

/// One scratch server for all tests that only talk to it. It goes with the test process.
enum SharedScratch {
    static let server = Result { try start(TestScratch.configuration()) }

    static func start(
        _ configuration: ScratchConfiguration, installation: Installation? = nil,
        cancellation: Cancellation = Cancellation(), diskEstimate: UInt64 = 0
    ) throws -> ScratchServer {
        try ScratchServer.start(
            configuration, installation: try installation ?? Installations.find().chooseServer(for: 15),
            diskEstimate: diskEstimate, cancellation: cancellation, log: Logger(label: "test"))
    }
}
