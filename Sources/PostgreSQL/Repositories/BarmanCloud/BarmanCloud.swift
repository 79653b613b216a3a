import Backups
import Glibc
import Integrity
import Processes

/// A server of barman-cloud, by the programs `barman-cloud-…`. What lies in the store is listed by this program, too: of names, sizes
/// and times alone.
struct BarmanCloud: BackupRepository {
    let address: RepositoryAddress
    /// It unpacks what lies there, whatever it is.
    let comparesFiles = false
    private let locations: any LocationFinder
    /// `s3://bucket/prefix`.
    private let url: String

    init(_ address: RepositoryAddress, _ locations: any LocationFinder) throws {
        self.address = address.repository
        self.locations = locations
        guard let url = address.configuration else { throw Obstacle(.internalError, "\(address) says no store") }
        self.url = url
    }

    func backups(_ cancellation: Cancellation) throws -> [RepositoryBackup] {
        let result = try run("backup-list", ["--format", "json"], [], cancellation)
        guard result.isSuccess else { throw BarmanCloudFailure(result).obstacle("list \(address)") }
        let listing = try BarmanCloudListing(result.output, of: address)
        let stored = try stored(cancellation)
        if listing.backups.isEmpty, stored.isEmpty, try archiveIsEmpty(cancellation) {
            throw Obstacle(
                .unreadable, "nothing lies at \(url)/\(address.name)",
                hint: "Is it the server's name, and the prefix that barman-cloud-backup is given?")
        }
        return listing.backups(with: stored)
    }

    func restore(_ backup: RepositoryBackup, into target: RestoreTarget, _ cancellation: Cancellation) throws {
        let tablespaces = "\(target.work)/tablespaces"
        for path in [target.work, tablespaces] where mkdir(path, 0o700) != 0 && errno != EEXIST {
            throw DirectoryTree.obstacle("made", path)
        }
        let result = try run("backup-list", ["--format", "json"], [], cancellation)
        guard result.isSuccess else { throw BarmanCloudFailure(result).obstacle("list \(address)") }
        guard let names = try BarmanCloudListing(result.output, of: address).tablespaces(of: backup.label)
        else { throw Obstacle(.vanished, "\(backup.label) is not there any more", hint: "Verify the newest one.") }
        try expectEveryPart(of: backup, cancellation)
        // One that is not named goes to where production has it.
        let mappings = names.enumerated().flatMap { ["--tablespace", "\($0.element):\(tablespaces)/\($0.offset)"] }
        do {
            try restore(backup, mappings, into: target, cancellation)
        } catch is ContentDamage {
            // A line may have done it: what is damaged in the store comes so twice.
            for directory in [target.data, tablespaces] {
                for name in DirectoryTree.names(in: directory) { try DirectoryTree.remove(name, in: directory) }
            }
            try restore(backup, mappings, into: target, cancellation)
        }
        guard chmod(target.data, 0o700) == 0 else { throw DirectoryTree.obstacle("shared", target.data) }
        try RestoredTablespaces(data: target.data, work: tablespaces).settle()
    }

    private func restore(
        _ backup: RepositoryBackup, _ mappings: [String], into target: RestoreTarget, _ cancellation: Cancellation
    ) throws {
        let restored = try run("restore", mappings, [backup.label, target.data], patience: nil, cancellation)
        guard !restored.isSuccess else { return }
        let failure = BarmanCloudFailure(restored).ofRestore(of: backup.label)
        guard !(failure is Obstacle), try !backups(cancellation).contains(where: { $0.label == backup.label })
        else { throw failure }
        throw Obstacle(
            .vanished, "\(backup.label) was deleted while it was restored", hint: "Verify the newest one.")
    }

    func archive(for backup: RepositoryBackup?, _ cancellation: Cancellation) throws -> any RepositoryArchive {
        BarmanCloudArchive(
            repository: self, segments: LocationArchive(try locations.location("\(url)/\(address.name)/wals")))
    }

    func run(
        _ program: String, _ options: [String], _ arguments: [String],
        patience: Duration? = RepositoryTool.patience, _ cancellation: Cancellation
    ) throws -> ProcessResult {
        let tool = try RepositoryTool(
            "barman-cloud-\(program)", of: "barman-cloud (barman-cloud-\(program))", package: "barman-cli-cloud")
        let endpoint = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"].lazy.compactMap(RepositoryTool.variable).first
        // Older versions of boto3 do not look for it themselves.
        return try tool.run(
            (endpoint.map { ["--endpoint-url", $0] } ?? []) + options + [url, address.name] + arguments,
            limit: 64 << 20,
            patience: patience, cancellation)
    }

    /// What is stored of each backup: its bytes, and when its notes were written, with which it is complete.
    private func stored(_ cancellation: Cancellation) throws -> [String: BarmanCloudListing.Stored] {
        var stored: [String: BarmanCloudListing.Stored] = [:]
        try locations.location("\(url)/\(address.name)/base").list(after: nil, cancellation: cancellation) { object in
            let parts = object.path.split(separator: "/")
            guard parts.count >= 2 else { return }
            let label = String(parts[0])
            var found = stored[label] ?? BarmanCloudListing.Stored()
            found.bytes = found.bytes.addingSaturated(object.size)
            if parts.count == 2 { found.parts.add(parts[1]) }
            if parts[1] == "backup.info" { found.noted = object.modified }
            stored[label] = found
        }
        return stored
    }

    /// The program itself restores what is there. A backup that is being deleted loses its parts one by one.
    private func expectEveryPart(of backup: RepositoryBackup, _ cancellation: Cancellation) throws {
        func missing() throws -> [String] { try stored(cancellation)[backup.label]?.parts.missing ?? [] }
        let found = try missing()
        guard let first = found.first else { return }
        guard try missing() == found,
            try backups(cancellation).contains(where: { $0.label == backup.label && $0.standing == backup.standing })
        else {
            throw Obstacle(
                .vanished, "\(backup.label) was deleted while it was looked at", hint: "Verify the newest one.")
        }
        let more = found.count > 1 ? ", and \(found.count - 1) more," : ""
        throw ContentDamage(
            "parts", .missingFile, "\(first) of \(backup.label)\(more) is not in the store, where later parts of it are"
        )
    }

    private func archiveIsEmpty(_ cancellation: Cancellation) throws -> Bool {
        struct Found: Error {}
        do {
            try locations.location("\(url)/\(address.name)").list(after: nil, cancellation: cancellation) { _ in
                throw Found()
            }
        } catch is Found {
            return false
        }
        return true
    }
}
