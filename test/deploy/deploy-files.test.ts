import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect } from "chai";
import { parse } from "yaml";
import { ROOT } from "../architecture/walls.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

interface Service {
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

describe("deploy files", () => {
  const compose: { services: Record<string, Service>; volumes: object; secrets: object } = parse(
    read("docker-compose.yml"),
  );

  it("give the hub a configuration that the editor schema takes", () => {
    const validate = new Ajv({ strict: true }).compile(JSON.parse(read("docs/schema/twinweave.schema.json")));
    expect(validate(parse(read("deploy/twinweave.yaml"))), JSON.stringify(validate.errors)).to.equal(true);
  });

  it("publish every port on the host's loopback alone", () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports).to.have.lengthOf(3);
    for (const port of ports) expect(port).to.match(/^127\.0\.0\.1:/);
  });

  it("declare the volumes they use, and hold no password", () => {
    const named = Object.values(compose.services)
      .flatMap((service) => service.volumes ?? [])
      .map((volume) => volume.split(":")[0] ?? "")
      .filter((source) => !source.startsWith("."));
    expect(Object.keys(compose.volumes)).to.have.members(named);
    for (const service of Object.values(compose.services)) {
      for (const name of Object.keys(service.environment ?? {})) expect(name).not.to.match(/PASSWORD$/);
    }
  });

  it("copy into the image what the package ships, no more than that", () => {
    const shipped: { files: string[] } = JSON.parse(read("package.json"));
    const folders = shipped.files.filter((file) => !/^(bin|dist|docs)\/|CHANGELOG/.test(file));
    const allowed = read(".dockerignore").split("\n");
    for (const folder of folders) expect(allowed).to.include(`!${folder.replace(/\/$/, "")}`);
    expect(allowed[0]).to.equal("**");
  });
});
