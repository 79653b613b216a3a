package import Backups
import Settings
import Synchronization

/// All kinds of locations, by their addresses. Credentials and connections are kept from one to the next.
package final class KnownLocations: LocationFinder {
    private let variables: [String: String]
    private let environment: AWSEnvironment
    private let retry: RetryPolicy
    private let stallTimeout: Duration
    private let readAhead: ReadAhead
    private let pool = CurlPool()
    private let chain = Mutex<(profile: AWSProfile, chain: CredentialChain)?>(nil)

    /// - Parameters:
    ///   - environment: of this process: where the settings of S3 and of rclone come from.
    ///   - stallTimeout: longest time without a byte of an answer.
    package init(
        environment: [String: String], retry: RetryPolicy = RetryPolicy(), stallTimeout: Duration = .seconds(60),
        readAhead: ReadAhead = ReadAhead()
    ) {
        variables = environment
        self.environment = AWSEnvironment(environment)
        self.retry = retry
        self.stallTimeout = stallTimeout
        self.readAhead = readAhead
    }

    /// Whether this is an address, and no path.
    package static func isAddress(_ text: String) -> Bool {
        text.hasPrefix(S3Address.scheme) || text.hasPrefix(RcloneLocation.scheme) || RepositoryAddress.isAddress(text)
    }

    /// Those of this process, by its environment.
    package static let ofProcess = KnownLocations(environment: ProcessVariables.all)

    /// For looking at locations again and again: one that does not answer is given up soon, for others wait for their
    /// turn.
    package static let ofRounds: KnownLocations = {
        var retry = RetryPolicy()
        (retry.attempts, retry.attemptsToConnect, retry.longest) = (3, 2, .seconds(2))
        return KnownLocations(environment: ProcessVariables.all, retry: retry, stallTimeout: .seconds(20))
    }()

    package func location(_ address: String) throws -> any Location {
        if address.hasPrefix(S3Address.scheme) {
            let parts = try S3Address(address)
            return S3Location(client: try client(parts.bucket), prefix: parts.key)
        }
        if address.hasPrefix(RcloneLocation.scheme) { return try RcloneLocation(address, environment: variables) }
        // Only its tool reads it: who can ask the tool has looked for such an address before.
        if let tool = RepositoryAddress.Tool.allCases.first(where: { address.hasPrefix($0.scheme) }) {
            let title = RepositoryAddress(address)?.title ?? tool.rawValue
            throw Obstacle(
                .unsupportedFormat, "\(address) is a repository, which only \(title) reads and writes",
                hint: "\(tool.form) can be named to verify, to drill, and as location of backups.")
        }
        return DirectoryLocation(address)
    }

    package func commands(at path: String) throws -> RepositoryCommands {
        do {
            return try RepositoryCommands.load(path: path)
        } catch {
            throw Obstacle(
                .unreadable, "the commands of the tool can't be used: \(error)",
                hint: "docs/tools.md says what belongs into the file.")
        }
    }

    package func remote(_ address: String) throws -> RemoteObject? {
        if address.hasPrefix(RcloneLocation.scheme) { return try rclone(address) }
        guard address.hasPrefix(S3Address.scheme) else { return nil }
        let parts = try S3Address(address)
        guard !parts.key.isEmpty else {
            throw Obstacle(
                .unreadable, "\(address) is a bucket, and no backup", hint: "Name an object in it: \(address)/KEY.")
        }
        return RemoteObject(location: S3Location(client: try client(parts.bucket), prefix: ""), path: parts.key)
    }

    private func rclone(_ address: String) throws -> RemoteObject {
        let slash = address.lastIndex(of: "/") ?? address.lastIndex(of: ":") ?? address.startIndex
        let (directory, name) = (address[...slash], address[address.index(after: slash)...])
        guard !name.isEmpty else {
            throw Obstacle(.unreadable, "\(address) is a directory, and no backup", hint: "Name a file in it.")
        }
        return RemoteObject(
            location: try RcloneLocation(String(directory), environment: variables), path: String(name))
    }

    private func client(_ bucket: String) throws -> S3Client {
        let profile = try AWSProfile(environment)
        let settings = try S3Settings(environment, profile: profile)
        // Keys that were changed in the files of profiles count from the next look on.
        let chain = chain.withLock { known in
            if let known, known.profile == profile { return known.chain }
            let made = makeChain(profile)
            known = (profile, made)
            return made
        }
        return S3Client(
            bucket: bucket, settings: settings, chain: chain, pool: pool, retry: retry, stallTimeout: stallTimeout,
            readAhead: readAhead)
    }

    /// In the order of the SDKs: "Default provider chain", AWS SDKs and Tools Reference Guide.
    private func makeChain(_ profile: AWSProfile) -> CredentialChain {
        let client = HTTPClient(pool: pool, retry: retry)
        // Anywhere but on EC2 nobody answers, and every further attempt is a second of waiting.
        var once = retry
        (once.attempts, once.attemptsToConnect) = (1, 1)
        return CredentialChain([
            EnvironmentCredentials(environment: environment), ProfileCredentials(profile: profile),
            WebIdentityCredentials(environment: environment, profile: profile, client: client),
            ContainerCredentials(environment: environment, client: client),
            InstanceCredentials(environment: environment, client: HTTPClient(pool: pool, retry: once)),
        ])
    }
}
