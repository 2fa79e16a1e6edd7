# The `token-monitor` command for all systems, and on Linux the app: `nix run`, `nix run .#app`.
{
  description = "Live token counter for Claude Code";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      workspace = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).workspace.package;
      linux = [ "aarch64-linux" "x86_64-linux" ];
      darwin = [ "aarch64-darwin" "x86_64-darwin" ];
      source = pkgs: {
        inherit (workspace) version;
        src = self;
        cargoLock.lockFile = ./Cargo.lock;
        npmDeps = pkgs.importNpmLock { npmRoot = ./.; };
        nativeBuildInputs = [ pkgs.importNpmLock.npmConfigHook pkgs.nodejs ];
        # The tests need a session bus and the programs of a desktop.
        doCheck = false;
        meta = {
          description = "Live token counter for Claude Code";
          homepage = workspace.repository;
          license = lib.licenses.mit;
        };
      };
      command =
        pkgs:
        pkgs.rustPlatform.buildRustPackage (source pkgs // {
          pname = "token-monitor";
          preBuild = "npm run ui:build";
          cargoBuildFlags = [ "--package" "token-monitor-cli" ];
          nativeBuildInputs = (source pkgs).nativeBuildInputs ++ [ pkgs.installShellFiles ];
          postInstall = ''
            installShellCompletion --cmd token-monitor \
              --bash <($out/bin/token-monitor completions bash) \
              --fish <($out/bin/token-monitor completions fish) \
              --zsh <($out/bin/token-monitor completions zsh)
            $out/bin/token-monitor man --output man1
            installManPage man1/*
          '';
          meta = (source pkgs).meta // { mainProgram = "token-monitor"; };
        });
      app =
        pkgs:
        pkgs.rustPlatform.buildRustPackage (source pkgs // {
          pname = "token-monitor-app";
          buildPhase = "npm run package -- tree";
          installPhase = "mkdir -p $out && cp -r target/tree/usr/. $out/";
          SOURCE_DATE_EPOCH = toString self.lastModified;
          nativeBuildInputs = (source pkgs).nativeBuildInputs ++ [ pkgs.pkg-config pkgs.wrapGAppsHook3 ];
          buildInputs = [ pkgs.gtk3 pkgs.webkitgtk_4_1 ];
          meta = (source pkgs).meta // { mainProgram = "token-monitor-app"; };
        });
      packagesOf =
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
        in
        { default = command pkgs; } // lib.optionalAttrs (lib.elem system linux) { app = app pkgs; };
    in
    {
      packages = lib.genAttrs (linux ++ darwin) packagesOf;
    };
}
