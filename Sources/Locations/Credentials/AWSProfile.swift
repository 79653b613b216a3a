import Backups
import Glibc

/// One profile of the shared files `~/.aws/config` and `~/.aws/credentials` ("Shared config and credentials files", AWS
/// SDKs and Tools Reference Guide). Where both have a key, that of the credentials counts.
struct AWSProfile: Sendable, Equatable {
    let name: String
    private let values: [String: String]

    /// - Throws: ``Obstacle`` when a profile was asked for by name and is in neither file.
    init(_ environment: AWSEnvironment) throws {
        name = environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"] ?? "default"
        let home = environment["HOME"] ?? ""
        let files = [
            (environment["AWS_CONFIG_FILE"] ?? "\(home)/.aws/config", isConfig: true),
            (environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "\(home)/.aws/credentials", isConfig: false),
        ]
        var values: [String: String] = [:]
        var isThere = name == "default"
        for (path, isConfig) in files {
            guard let text = try Self.read(path) else { continue }
            let sections = IniFile(text).sections
            // In the file of credentials a section is the profile's bare name; in the other only `default` is.
            let names = isConfig && name != "default" ? ["profile \(name)"] : [name, "profile \(name)"]
            for section in names {
                guard let found = sections[section] else { continue }
                isThere = true
                values.merge(found) { _, new in new }
            }
        }
        guard isThere else {
            throw Obstacle(
                .authenticationFailed, "there is no AWS profile \"\(name)\"",
                hint: "Look at AWS_PROFILE, and at the sections of ~/.aws/config and ~/.aws/credentials.")
        }
        self.values = values
    }

    /// `nil` for one without a value, too.
    /// - Parameter key: one that is nested in another as `s3.addressing_style`.
    subscript(_ key: String) -> String? { values[key].flatMap { $0.isEmpty ? nil : $0 } }

    /// `nil` when it is not there.
    private static func read(_ path: String) throws -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno != ENOENT, errno != ENOTDIR else { return nil }
            throw Obstacle(
                .authenticationFailed, "\(path) can't be read: \(String(cString: strerror(errno)))",
                hint: "Let the user that runs this read it.")
        }
        defer { close(descriptor) }
        return String(decoding: SmallFile.read(descriptor), as: UTF8.self)
    }
}
