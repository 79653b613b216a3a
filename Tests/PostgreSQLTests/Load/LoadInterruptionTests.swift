import Backups
import Integrity
import Synchronization
import TestSupport
import Testing

@testable import PostgreSQL

/// What ends a load without saying anything of the backup.
@Suite(.serialized)
struct LoadInterruptionTests {
    /// Cancels when the load has come as far as the first data.
    final class CancellingProgress: ProgressObserver {
        let cancellation = Cancellation()

        func begin(_ stage: Stage, total: UInt64?, unit: ProgressUnit) {}
        func end(_ stage: Stage) {}
        func advance(_ stage: Stage, to completed: UInt64) {
            cancellation.cancel(Obstacle(.deadlineExceeded, "the time is up"))
        }
    }

    static func obstacle(_ body: () throws -> LoadOutcome) throws -> Obstacle? {
        do {
            _ = try body()
            return nil
        } catch let obstacle as Obstacle {
            return obstacle
        }
    }

    @Test(arguments: [1, 3])
    func aLostServerSaysNothingOfTheBackup(jobs: Int) throws {
        let text = """
            CREATE TABLE public.t (a int);
            SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid());
            CREATE TABLE public.u (a int);
            """
        let obstacle = try Self.obstacle { try PlainFindingTests.load(text, jobs: jobs) }
        #expect(obstacle?.reason == .serverFailed)
    }

    @Test(arguments: [1, 3])
    func aFullDiskSaysNothingOfTheBackup(jobs: Int) throws {
        let text = "DO $$ BEGIN RAISE SQLSTATE '53100' USING MESSAGE = 'could not extend file'; END $$;\n"
        let obstacle = try Self.obstacle { try PlainFindingTests.load(text, jobs: jobs) }
        #expect(obstacle?.reason == .diskFull)
        #expect(obstacle?.hint != nil)
    }

    @Test(arguments: [1, 3])
    func aCancellationEndsTheLoad(jobs: Int) throws {
        let source = try NativeLoaderTests.Sources.shop.get()
        let directory = try TemporaryDirectory()
        let dump = try LoadSupport.scan(try source.dump(to: directory.file("dump.sql")))
        let progress = CancellingProgress()
        let loader = NativeLoader(dump, options: LoadOptions(jobs: jobs, database: "cancelled_\(jobs)"))
        let obstacle = try Self.obstacle {
            try loader.load(
                into: TestTarget(server: source.server), cancellation: progress.cancellation, progress: progress)
        }
        #expect(obstacle?.reason == .deadlineExceeded)
    }

    @Test func psqlIsNotStartedForADumpWithItsCommands() throws {
        let directory = try TemporaryDirectory()
        let witness = directory.file("witness")
        let dump = try LoadSupport.scan(text: LoadSupport.framed("\\! touch \(witness)\n"))
        let server = try TestServer.shared()
        let tools = Installation(bin: server.installation.bin, version: "15", major: 15, isServer: true)
        let obstacle = try Self.obstacle {
            try PsqlLoader(dump, tools: tools, options: LoadOptions(database: "refused")).load(
                into: TestTarget(server: server), cancellation: Cancellation(), progress: SilentProgress())
        }
        #expect(obstacle?.reason == .metaCommandRefused)
        #expect(!TestFile.exists(witness))
    }

    /// What fails only beside other work succeeds when it is tried again alone.
    @Test func whatFailsInParallelIsTriedAgainAlone() throws {
        // All tables want one lock and give up when another has it: only one COPY at a time can succeed. The tables are
        // made before, so that the COPY blocks do run side by side.
        let creations = (1...6).map { "CREATE TABLE public.t\($0) (a int CHECK (public.meet(a)));" }
        let tables = (1...6).map { number in
            """
            COPY public.t\(number) (a) FROM stdin;
            \((1...40).map { "\($0)" }.joined(separator: "\n"))
            \\.

            """
        }
        let text = """
            CREATE FUNCTION public.meet(a int) RETURNS boolean LANGUAGE plpgsql AS $$
            BEGIN
                IF NOT pg_catalog.pg_try_advisory_xact_lock(4242) THEN
                    RAISE SQLSTATE '40P01' USING MESSAGE = 'deadlock detected';
                END IF;
                PERFORM pg_catalog.pg_sleep(0.001);
                RETURN true;
            END $$;
            \(creations.joined(separator: "\n"))
            \(tables.joined(separator: "\n"))
            """
        let outcome = try PlainFindingTests.load(text, jobs: 4)
        #expect(outcome.findings == [])
        #expect(outcome.rowsLoaded.count == 6)
        #expect(outcome.rowsLoaded.values.allSatisfy { $0 == 40 })
    }
}
