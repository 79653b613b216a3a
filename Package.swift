// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: Swift 6 mode and the import rules of docs/architecture.md.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], excluding files: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies, exclude: files,
        swiftSettings: swiftSettings)
}

/// The commit that is built, where RESTORABLE_REVISION says it: `restorable version` and `restorable_build_info` tell it. Only
/// its one C file is compiled anew when it changes.
let revision: [CSetting] =
    Context.environment["RESTORABLE_REVISION"].flatMap { text in
        let isPlain = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
        return isPlain && (7...64).contains(text.utf8.count) ? [.define("RESTORABLE_REVISION", to: text)] : nil
    } ?? []

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "HTTPTypes", package: "swift-http-types"),
]

let package = Package(
    name: "restorable",
    products: [.executable(name: "restorable", targets: ["restorable"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // What the web server's own channel is made of; hummingbird brings them all.
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.24.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.3.0"),
    ],
    targets: [
        // System libraries: module maps and inline shims only.
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(name: "CRevision", cSettings: revision),

        // The way of the data, bottom up.
        target("Backups"),
        target("Processes", ["Backups", "CLinux"]),
        target("Integrity", ["Backups", "CISAL", "CArchive", "CCrypto"]),
        target("PostgreSQL", ["Backups", "Integrity", "Processes", "CPQ", "CLinux", log]),
        target("Verification", ["Backups", "Integrity", "Processes", "PostgreSQL", log]),
        target("Reports", ["Backups"]),
        target("Exposition", ["CZlib"]),
        target("Collectors", ["Backups", "Exposition"]),
        target("History", ["Backups", grdb]),
        target("Scheduling", ["Backups"]),
        target("Settings", ["Backups", "Scheduling", yams]),
        target(
            "Web",
            [
                "Backups", "CCrypt", "CCrypto", log, yams, lifecycle, hummingbird,
                .product(name: "HummingbirdCore", package: "hummingbird"),
            ] + nio),
        target("Locations", ["Backups", "Integrity", "Processes", "Settings", "CCurl", "CCrypto", "CLinux"]),
        target(
            "Daemon",
            [
                "Backups", "Processes", "PostgreSQL", "Verification", "Settings", "Scheduling", "Locations", "History",
                "Exposition", "Collectors", "Web", "CLinux", log, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        target(
            "Commands",
            [
                "Backups", "Integrity", "Processes", "PostgreSQL", "Verification", "Reports", "Settings", "Locations",
                "History", "Daemon", "Collectors", "Exposition", "CCrypto", "CCurl", "CLinux", "CRevision", log,
                argumentParser,
            ]),
        .executableTarget(name: "restorable", dependencies: ["Commands"], swiftSettings: swiftSettings),

        // Throw-away servers and damaged backups, for tests only.
        target("TestSupport", ["Backups", "Integrity", "Processes", "PostgreSQL", "CPQ", log]),
        tests("TestSupport"),
        tests("Backups", ["TestSupport"]),
        tests("Integrity", ["TestSupport", "CZlib"]),
        // A program that holds a scratch server, for tests to kill.
        .executableTarget(
            name: "scratch-fixture", dependencies: ["Backups", "PostgreSQL", log], path: "Tests/ScratchFixture",
            swiftSettings: swiftSettings),
        // A program that fills a history, for the benchmark of the daemon.
        .executableTarget(
            name: "history-fixture", dependencies: ["Backups", "History"], path: "Tests/HistoryFixture",
            swiftSettings: swiftSettings),
        // A program that unpacks a base backup, for its benchmark.
        .executableTarget(
            name: "unpack-fixture", dependencies: ["Backups", "Integrity"], path: "Tests/UnpackFixture",
            swiftSettings: swiftSettings),
        tests("PostgreSQL", ["Integrity", "Backups", "Locations", "Processes", "TestSupport", "CLinux", log]),
        tests("Verification", ["PostgreSQL", "Integrity", "Backups", "Processes", "TestSupport", log]),
        tests("Reports", ["Backups", "TestSupport"]),
        tests("Settings", ["Backups", "Scheduling", "TestSupport"]),
        tests("Locations", ["Backups", "Integrity", "Processes", "CCurl", "TestSupport"]),
        tests("History", ["Backups", "TestSupport", grdb], excluding: ["Schemas"]),
        tests("Scheduling", ["Backups", "TestSupport"]),
        tests(
            "Web",
            [
                "Backups", "Processes", "TestSupport", log, lifecycle, hummingbird,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ] + nio),
        tests("Exposition", ["TestSupport", "CZlib"], excluding: ["Golden"]),
        tests("Collectors", ["Backups", "Exposition", "TestSupport"], excluding: ["Golden"]),
        tests(
            "Daemon",
            [
                "Backups", "Collectors", "Exposition", "History", "Locations", "PostgreSQL", "Processes", "Scheduling",
                "Settings", "TestSupport", "Verification", "Web", log,
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        tests(
            "Commands",
            [
                "Daemon", "History", "Settings", "Verification", "PostgreSQL", "Integrity", "Backups", "Processes",
                "TestSupport", log, argumentParser,
            ]),
        .testTarget(name: "ArchitectureTests", swiftSettings: swiftSettings),
    ]
)
