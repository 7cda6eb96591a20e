// ONNX Runtime, run by onnxruntime.cpp: reads requests from standard input, answers on standard output.
//
//     load <model file> <input file>     ready
//     run <times>                        seconds of processor time of one run
//     write <file>                       written: the scores of the last run
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

let ort;
try {
    ort = createRequire(import.meta.url)('onnxruntime-node'); // so, because import ignores NODE_PATH
} catch (error) {
    console.log(`the npm package onnxruntime-node cannot be loaded: ${error.message.split('\n')[0]}`);
    process.exit(0);
}
console.log('ready');

const options = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
};
let session, inputs, outputs;

async function load(model, input) {
    await session?.release();
    session = await ort.InferenceSession.create(model, options);
    const bytes = readFileSync(input);
    const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    inputs = { x: new ort.Tensor('float32', numbers, session.inputMetadata[0].shape) };
    const shape = session.outputMetadata[0].shape;
    outputs = { y: new ort.Tensor('float32', new Float32Array(shape[0] * shape[1]), shape) };
    return 'ready';
}

async function run(times) {
    const start = process.cpuUsage();
    for (let i = 0; i < times; ++i)
        await session.run(inputs, outputs);
    const used = process.cpuUsage(start);
    return (used.user + used.system) * 1e-6 / times;
}

function write(file) {
    writeFileSync(file, outputs.y.data);
    return 'written';
}

for await (const line of createInterface({ input: process.stdin })) {
    const [request, ...words] = line.split(' ');
    console.log(await { load, run, write }[request](...words));
}
