export { lateen, type LateenPluginOptions } from './lateen.ts';
